import { startProxy } from '@loads/vaurien';

const [backendPort, protocol = 'tcp'] = process.argv.slice(2);
// As good as 0 %: it draws for every request, and hits none.
const armed = protocol === 'tcp' ? {} : { behavior: '0.000001:error' };
const proxy = await startProxy({ backend: `127.0.0.1:${backendPort}`, protocol, ...armed });
process.send?.(proxy.address.port);
process.on('disconnect', () => process.exit());
