/** How many reports have been written, on a line that is drawn again; nothing where it goes to a file. */
export function progressOn(stream: NodeJS.WriteStream): (reports: number) => void {
  const startedAt = performance.now();
  let drawn = -1;
  return (reports) => {
    const seconds = Math.floor((performance.now() - startedAt) / 1_000);
    if (!stream.isTTY || (seconds === drawn && reports > 0)) return;
    drawn = seconds;
    stream.write(`\r\u001b[K${reports} reports, ${seconds} s\r`);
  };
}
