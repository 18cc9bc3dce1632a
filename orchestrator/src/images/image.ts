/** An image that a node needs, and where its parts come from. */
export type Image = {
  /** Its name without a tag. */
  readonly name: string;
  /** The package that it holds. */
  readonly package: '@loads/node' | '@loads/vaurien';
  /** Where its Dockerfile looks for the bundle, below the root of the context. */
  readonly bundle: string;
};

/** The images of a node: its scenario process, and its sidecar. */
export const IMAGES: { readonly node: Image; readonly vaurien: Image } = {
  node: { name: 'loads-node', package: '@loads/node', bundle: 'node-image/dist/image/loads-node.mjs' },
  vaurien: { name: 'loads-vaurien', package: '@loads/vaurien', bundle: 'proxy-image/dist/image/vaurien.mjs' },
};

/** The label that says which version an image holds. */
export const VERSION_LABEL = 'org.opencontainers.image.version';

/** `name:version`: what a launcher starts. */
export function taggedImage({ name }: Image, version: string): string {
  return `${name}:${version}`;
}
