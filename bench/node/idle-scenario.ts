import { scenario } from '@loads/node';

// What the bench runs to see what a worker costs that does nothing: one request, then it waits until the run ends.
scenario('wait', async ({ http, sleep }) => {
  await http.get('/items/42');
  await sleep(600_000);
});
