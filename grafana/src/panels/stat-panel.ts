import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { MappingType, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, type PanelSpec } from './panel.ts';

export type StatSpec = PanelSpec & {
  /** Colors of texts, for a figure that is a word. */
  readonly words?: Readonly<Record<string, string>> | undefined;
  /** From which value on the figure is red. */
  readonly badFrom?: number | undefined;
};

/** The last value of each column, in large type. */
export function statPanel(spec: StatSpec): PanelBuilder {
  const panel = describe(new PanelBuilder(), { height: 4, ...spec })
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(BigValueTextMode.Auto)
    .noValue('not judged yet')
    // All fields but the time, texts as well as numbers.
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields('/^(?!Time$).*$/'));
  const thresholds = [{ value: null, color: 'text' }];
  const bad = spec.badFrom === undefined ? [] : [{ value: spec.badFrom, color: 'red' }];
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...thresholds, ...bad]));
  if (spec.words) {
    const options = Object.entries(spec.words).map(([text, color], index) => [text, { text, color, index }] as const);
    panel.mappings([{ type: MappingType.ValueToText, options: Object.fromEntries(options) }]);
  }
  return panel;
}
