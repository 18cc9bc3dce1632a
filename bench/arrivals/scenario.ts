import { scenario } from '@loads/node';

// What the bench of arrivals runs: nothing, or one request, so that what delays a start is the generator alone.
scenario('arrive', async ({ http, env }) => {
  if (env.REQUEST) await http.get('/items/42', { name: 'GET /items/:id' });
});
