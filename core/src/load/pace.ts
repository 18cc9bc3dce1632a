/** What is to be done now: begin an iteration, wait, or stop for good. */
export type Pace =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'stop' };
