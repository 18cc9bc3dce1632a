import { askAgain, askOnce } from './ask.ts';
import { startCart } from './cart.ts';
import { startPrices } from './prices.ts';
import { startProxy } from './programs.ts';

// Starts all of it for runs by hand: the prices, a vaurien before them (control on 8474), and both versions of the cart.
const stopped = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopped.resolve());
await using prices = await startPrices();
await using proxy = await startProxy(prices.address, { control: 8474 });
await using first = await startCart(askOnce(proxy.url), 8091);
await using second = await startCart(askAgain(proxy.url), 8092);
console.log(`version 1 on ${first.url}, version 2 on ${second.url}, vaurien at ${proxy.control}`);
await stopped.promise;
