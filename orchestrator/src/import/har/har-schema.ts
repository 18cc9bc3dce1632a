import * as z from 'zod';

/** A pair of a header, a parameter or a field. */
export type HarPair = { readonly name: string; readonly value: string };

export type HarPostData = {
  readonly mimeType: string;
  readonly text: string;
  readonly params: readonly (HarPair & {
    readonly fileName?: string | undefined;
    readonly contentType?: string | undefined;
  })[];
  readonly encoding?: string | undefined;
};

export type HarEntry = {
  readonly pageref?: string | undefined;
  /** ISO 8601. */
  readonly startedDateTime?: string | undefined;
  /** ms. */
  readonly time?: number | undefined;
  readonly _resourceType?: string | undefined;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly HarPair[];
    readonly postData?: HarPostData | undefined;
  };
  readonly response: { readonly status: number; readonly content: { readonly mimeType: string } };
};

export type Har = {
  readonly log: {
    readonly pages: readonly { readonly id: string; readonly title: string }[];
    readonly entries: readonly HarEntry[];
  };
};

/** Recorders write `null` for what they do not know. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const pair = z.looseObject({ name: z.string(), value: text });
const list = <Item extends z.ZodType>(item: Item): z.ZodType<readonly z.output<Item>[]> =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** As much of HAR 1.2 as an import needs; what recorders leave out is no mistake. */
export const harSchema: z.ZodType<Har> = z.looseObject({
  log: z.looseObject({
    pages: list(z.looseObject({ id: z.string(), title: text })),
    entries: z.array(
      z.looseObject({
        pageref: optionalText,
        startedDateTime: optionalText,
        time: z
          .number()
          .nullish()
          .transform((value) => value ?? undefined),
        _resourceType: optionalText,
        request: z.looseObject({
          method: z.string(),
          url: z.string(),
          headers: list(pair),
          postData: z
            .looseObject({
              mimeType: text,
              text,
              params: list(
                z.looseObject({ name: z.string(), value: text, fileName: optionalText, contentType: optionalText }),
              ),
              encoding: optionalText,
            })
            .nullish()
            .transform((value) => value ?? undefined),
        }),
        response: z.looseObject({
          status: z.number(),
          content: z
            .looseObject({ mimeType: text })
            .nullish()
            .transform((value) => value ?? { mimeType: '' }),
        }),
      }),
    ),
  }),
});
