/** Asks the prices for what an item costs. Throws when there is no answer. */
export type Ask = (item: string) => Promise<{ readonly item: string; readonly cents: number }>;

/** Version 1: asks once, and waits for as long as it takes. */
export function askOnce(url: string): Ask {
  return (item) => askPrices(url, item);
}

/** How long a try may take, and how many there are. */
const TRY_MS = 250;
const TRIES = 3;

/** Version 2: gives up a try after 250 ms, and tries three times in all. A price may be asked for again: nothing is bought. */
export function askAgain(url: string): Ask {
  return async (item) => {
    for (let tries = 1; ; tries++) {
      try {
        return await askPrices(url, item, AbortSignal.timeout(TRY_MS));
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
  };
}

async function askPrices(url: string, item: string, signal: AbortSignal | null = null): ReturnType<Ask> {
  const response = await fetch(`${url}/prices/${item}`, { signal });
  if (!response.ok) throw new Error(`the prices answered ${response.status}`);
  return (await response.json()) as Awaited<ReturnType<Ask>>;
}
