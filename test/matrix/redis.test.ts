import { describeMatrix } from './describe-matrix.ts';
import { redisDriver } from './drivers/redis.ts';

describeMatrix(redisDriver);
