/** A moment of a run as on a stop-watch: `0:05`, `12:34`, `1:02:03`; with tenths where they count. */
export function clockText(seconds: number): string {
  const tenths = Math.round(seconds * 10) % 10;
  const whole = Math.floor(Math.round(seconds * 10) / 10);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return tenths === 0 ? text : `${text}.${tenths}`;
}
