import { describeMatrix } from './describe-matrix.ts';
import { mysqlDriver } from './drivers/mysql.ts';

describeMatrix(mysqlDriver);
