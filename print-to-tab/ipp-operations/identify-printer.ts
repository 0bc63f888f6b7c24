/** Identify-Printer, PWG 5100.13: the station decides how a tablet makes itself known. */
import { answer, type Operation } from './operation.ts';

export const identifyPrinter: Operation = ({ printer }, { identify }) => {
  identify(printer.id);
  return answer();
};
