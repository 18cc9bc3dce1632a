/** How long something is waited for, ms, and the error of whoever has waited in vain. */
export type Limit = { readonly timeoutMs: number; readonly late: () => Error };
