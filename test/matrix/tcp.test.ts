import { describeMatrix } from './describe-matrix.ts';
import { tcpDriver } from './drivers/tcp.ts';

describeMatrix(tcpDriver);
