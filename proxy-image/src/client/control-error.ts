import { LoadsError } from '@loads/core';

/** What a control API refused, with the status of its answer: 401 without the token, 404 for a proxy that there is not. */
export class ControlError extends LoadsError {
  readonly status: number;

  constructor(status: number, message: string) {
    super('ERR_CONFIG', message);
    this.status = status;
  }
}
