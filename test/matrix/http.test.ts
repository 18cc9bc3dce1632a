import { describeMatrix } from './describe-matrix.ts';
import { httpDriver } from './drivers/http.ts';

describeMatrix(httpDriver);
