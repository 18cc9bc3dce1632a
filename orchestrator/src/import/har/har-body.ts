import {
  bytesBody,
  formBody,
  formFields,
  type ImportedBody,
  jsonBody,
  jsonTextBody,
  multipartBody,
  multipartFields,
} from '../request-body.ts';
import type { Secrets } from '../secrets.ts';
import type { HarPostData } from './har-schema.ts';

/** The body of a recorded request, in the form that is easiest to read; undefined where there is none. */
export function harBody({ mimeType, text, params, encoding }: HarPostData, secrets: Secrets): ImportedBody | undefined {
  const [type = ''] = mimeType.toLowerCase().split(';');
  if (encoding === 'base64' && text !== '') return bytesBody(text);
  if (/[/+]json$/.test(type)) {
    return text === '' ? undefined : (jsonBody(text, secrets) ?? jsonTextBody(text, secrets));
  }
  if (type === 'application/x-www-form-urlencoded') {
    const fields = params.length > 0 ? params.map(({ name, value }) => ({ name, value })) : formFields(text);
    // Some recorders keep parameters as they were sent, others decode them: the text leaves no doubt.
    return formBody(text === '' ? fields : formFields(text), secrets);
  }
  const boundary = /boundary="?([^";]+)/i.exec(mimeType)?.[1];
  if (type === 'multipart/form-data' && boundary !== undefined) {
    // Chrome keeps the text alone.
    const fields = params.length > 0 ? params : multipartFields(text, boundary);
    if (fields.length > 0) return multipartBody(fields, boundary, secrets);
  }
  return text === '' ? undefined : { as: 'body', value: text };
}
