import { describeMatrix } from './describe-matrix.ts';
import { memcacheDriver } from './drivers/memcache.ts';

describeMatrix(memcacheDriver);
