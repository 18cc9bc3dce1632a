import { scenario } from '@loads/node';

// A visitor of the home page. Relative URLs (`/items`) start at `target` of loads.yml, and this one is the target itself.
scenario('home', async ({ http, check, sleep }) => {
  const home = await http.get('', { name: 'home' });
  check(home.ok, 'home: status is 200 to 399');
  await sleep(1000);
});
