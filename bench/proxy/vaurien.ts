import { startProxy } from '@loads/vaurien';

const [backendPort, protocol = 'tcp'] = process.argv.slice(2);
const armed = {
  name: 'armed',
  behaviors: [{ percent: 0, behavior: 'error', options: { inject: false, point: 'before', warmup: 0 } }],
};
const proxy = await startProxy({
  name: 'bench',
  backend: { host: '127.0.0.1', port: Number(backendPort) },
  protocol,
  rules: protocol === 'tcp' ? [] : [armed],
  seed: 1,
  onFault: () => undefined,
  now: () => Date.now(),
});
process.send?.(proxy.address.port);
process.on('disconnect', () => process.exit());
