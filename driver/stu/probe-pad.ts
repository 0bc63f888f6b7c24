/**
 * What a pad is and can do, asked from itself.
 * Before it: a `StuLink` that was just opened. After it: `stu-source.ts`, and the list of attached pens.
 */
import { PenError } from '../errors.ts';
import type { AttachedPen, PenAbilities } from '../pens.ts';
import { decodeCapability, ENCODING_FLAG, unitsPerMm, type Capability } from './capability.ts';
import { BLOCK_SIZE, MAX_BLOCK_SIZE } from './image/send-picture.ts';
import { decodeInformation, decodeSerialNumber, type Information } from './information.ts';
import { modelOfName, modelOfProduct, PenOption, WACOM, type StuModel } from './models.ts';
import { Report, REPORT_LENGTH } from './report-ids.ts';
import type { StuLink } from './stu-link.ts';

export interface ProbedPad {
  model: StuModel;
  information: Information;
  /** As the pad says, with the model's picture encodings where it names none. */
  capability: Capability;
  serialNumber: string | null;
  penOption: PenOption;
  /** Bytes of picture in a block. */
  blockSize: number;
  /** For the list of attached pens; who lists them knows an id for it. */
  attached: Omit<AttachedPen, 'id' | 'problem'>;
}

const BLOCK_HEADER = 3;
/** Over HID the rate is fixed (SDK); older pads do not tell it. */
const HID_RATE = 200;

/**
 * @param productId from USB, where it is known; else the pad's own name decides
 * @throws PenError `PEN_LAYOUT_UNKNOWN` for a model that is none of `STU_MODELS`, `PEN_SILENT`, `PEN_GONE`
 */
export async function probePad(link: StuLink, productId: number | null = null): Promise<ProbedPad> {
  const information = decodeInformation(await link.getReport(Report.information, REPORT_LENGTH.information));
  const model = (productId === null ? null : modelOfProduct(productId)) ?? modelOfName(information.modelName);
  if (model === null) {
    throw new PenError('PEN_LAYOUT_UNKNOWN', `The pad at ${link.path} calls itself "${information.modelName}", which is no STU model that is known here.`);
  }
  const told = decodeCapability(await link.getReport(Report.capability, REPORT_LENGTH.capability));
  const named = told.encodings & (ENCODING_FLAG.bits1 | ENCODING_FLAG.bits16 | ENCODING_FLAG.bits24);
  const capability = named === 0 ? { ...told, encodings: model.encodings } : told;
  const serialNumber = await readSerialNumber(link, model);
  const penOption = model.penOption(information.firmware);
  return {
    model, information, capability, serialNumber, penOption,
    blockSize: link.transport === 'hid' ? BLOCK_SIZE : await serialBlockSize(link),
    attached: attachedPad(link, model, capability, serialNumber, penOption),
  };
}

/** Null where it has none, or a firmware too old to tell it. */
async function readSerialNumber(link: StuLink, model: StuModel): Promise<string | null> {
  try {
    return decodeSerialNumber(model.serialNumber, await link.getReport(Report[model.serialNumber], REPORT_LENGTH[model.serialNumber]));
  } catch (error) {
    if (error instanceof PenError && error.code === 'PEN_GONE') throw error;
    return null;
  }
}

/** The lengths of a pad's reports, two bytes each, big-endian, by number; only a 430V tells them. */
async function serialBlockSize(link: StuLink): Promise<number> {
  try {
    const sizes = await link.getReport(Report.reportSizes, REPORT_LENGTH.reportSizes);
    const size = (sizes[2 * Report.imageBlock] ?? 0) * 256 + (sizes[2 * Report.imageBlock + 1] ?? 0);
    return size > BLOCK_HEADER ? Math.min(size - BLOCK_HEADER, MAX_BLOCK_SIZE) : BLOCK_SIZE;
  } catch (error) {
    if (error instanceof PenError && error.code === 'PEN_GONE') throw error;
    return BLOCK_SIZE;
  }
}

function attachedPad(link: StuLink, model: StuModel, capability: Capability, serialNumber: string | null, option: PenOption): ProbedPad['attached'] {
  const colours = (capability.encodings & ENCODING_FLAG.bits24) !== 0 ? 16_777_216 : (capability.encodings & ENCODING_FLAG.bits16) !== 0 ? 65_536 : 2;
  return {
    kind: link.transport === 'hid' ? 'stu-hid' : 'stu-serial',
    name: `Wacom ${model.name}`,
    vendorId: WACOM,
    productId: model.productId,
    serialNumber,
    bus: link.transport === 'hid' ? 'USB' : 'serial',
    layout: 'protocol',
    gives: abilities(capability, option, link.transport),
    pad: { width: capability.screenWidth, height: capability.screenHeight, colours },
  };
}

function abilities(capability: Capability, option: PenOption, transport: 'hid' | 'serial'): PenAbilities {
  const perMm = unitsPerMm(capability);
  return {
    pressureLevels: capability.maxPressure + 1,
    tilt: 'none', twist: false, inAir: true,
    rate: reportRate(capability, transport),
    clock: (['none', 'device-clock', 'sequence', 'both'] as const)[option],
    sizeMm: perMm === null ? null : { width: capability.maxX / perMm, height: capability.maxY / perMm },
  };
}

/** Pen reports a second; null: not known. */
export function reportRate(capability: Capability, transport: 'hid' | 'serial'): number | null {
  if (capability.maxReportRate > 0) return capability.maxReportRate;
  return transport === 'hid' ? HID_RATE : null;
}
