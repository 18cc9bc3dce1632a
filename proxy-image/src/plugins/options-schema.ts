import * as z from 'zod';

/** A plug-in's options as JSON Schema, as a user writes them, with its documentation. */
export function optionsJsonSchema(plugin: {
  readonly doc: string;
  readonly options: z.ZodObject;
}): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(plugin.options, { io: 'input', unrepresentable: 'any' });
  return { description: plugin.doc, ...schema };
}
