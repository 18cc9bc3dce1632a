/**
 * Why a request or a check failed, as a short word for a metric's tag.
 * `eof` is an orderly close (FIN) before the response was complete, `reset` an abrupt one (RST).
 * `protocol` is a response that is not HTTP/1.1. `status` and `assertion` come from what was expected of a complete response,
 * `redirect` is one redirect too many, or one to nowhere.
 */
export type FailureClass =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'eof'
  | 'protocol'
  | 'redirect'
  | 'status'
  | 'assertion'
  | 'aborted'
  | 'other';
