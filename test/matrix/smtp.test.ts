import { describeMatrix } from './describe-matrix.ts';
import { smtpDriver } from './drivers/smtp.ts';

describeMatrix(smtpDriver);
