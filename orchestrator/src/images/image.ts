/** An image that a node needs, and where its parts come from. */
export type Image = {
  /** Its name without a tag. */
  readonly name: string;
  /** The package that it holds. */
  readonly package: '@loads/node' | '@loads/vaurien';
  /** Where its Dockerfile looks for the bundle, below the root of the context. */
  readonly bundle: string;
  /** Modules that know where they lie, by the end of their path, and what stands for them in a bundle. */
  readonly replaced: Readonly<Record<string, (version: string) => string>>;
};

/** The images of a node: its scenario process, and its sidecar. */
export const IMAGES: { readonly node: Image; readonly vaurien: Image } = {
  node: {
    name: 'loads-node',
    package: '@loads/node',
    bundle: 'node-image/dist/image/loads-node.mjs',
    replaced: { 'runtime/own-entry.js': () => 'export const OWN_ENTRY = import.meta.url;' },
  },
  vaurien: {
    name: 'loads-vaurien',
    package: '@loads/vaurien',
    bundle: 'proxy-image/dist/image/vaurien.mjs',
    replaced: {
      'cli/version.js': (version) => `export function packageVersion() { return ${JSON.stringify(version)}; }`,
    },
  },
};

/** The label that says which version an image holds. */
export const VERSION_LABEL = 'org.opencontainers.image.version';

/** `name:version`: what a launcher starts. */
export function taggedImage({ name }: Image, version: string): string {
  return `${name}:${version}`;
}
