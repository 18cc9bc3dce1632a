/** Markdown without what the formatter pads its tables with, for the comparison of a page with what was generated. */
export function unpadded(markdown: string): string {
  return markdown.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');
}
