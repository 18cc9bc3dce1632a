// A program: does nothing but look at the clock for some seconds, then prints for which share of the instants it would have
// been there within so many ms. What keeps it away is the machine: what a load generator misses beyond that is its own.
const [seconds = '', withinMs = ''] = process.argv.slice(2);
const startMs = performance.now();
const endMs = startMs + Number(seconds) * 1000;
let lateMs = 0;
let lastMs = startMs;
while (lastMs < endMs) {
  const nowMs = performance.now();
  lateMs += Math.max(0, nowMs - lastMs - Number(withinMs));
  lastMs = nowMs;
}
console.log(1 - lateMs / (lastMs - startMs));
