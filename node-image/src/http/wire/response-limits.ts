/** How much of a response is taken into memory. What is larger fails its request. */
export type ResponseLimits = {
  /** Bytes of a response head, and of the trailers. Default: 16,384. */
  readonly maxHeaderBytes: number;
  /** Fields of a response head. Default: 1,000. */
  readonly maxHeaders: number;
  /** Bytes of a response body as it comes. Default: 67,108,864 (64 MiB). */
  readonly maxBodyBytes: number;
};

export const DEFAULT_LIMITS: ResponseLimits = {
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 1000,
  maxBodyBytes: 64 * 1024 * 1024,
};
