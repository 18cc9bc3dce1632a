import { describeMatrix } from './describe-matrix.ts';
import { postgresDriver } from './drivers/postgres.ts';

describeMatrix(postgresDriver);
