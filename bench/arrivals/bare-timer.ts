// A program: a timer of Node's and nothing else, for some seconds of a rate, 1/s. It prints which share of the instants it was
// there for within so many ms: what the machine allows whoever sleeps until an arrival is due.
const [rate = '', seconds = '', withinMs = ''] = process.argv.slice(2);
const [gapMs, count] = [1000 / Number(rate), Number(rate) * Number(seconds)];
const startMs = performance.now();
let [seen, late] = [0, 0];

function look(): void {
  const nowMs = performance.now();
  for (; seen < count && startMs + seen * gapMs <= nowMs; seen += 1) {
    if (nowMs - (startMs + seen * gapMs) > Number(withinMs)) late += 1;
  }
  if (seen < count) setTimeout(look, 1);
  else console.log(1 - late / count);
}

look();
