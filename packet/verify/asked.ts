/** What is asked of `verify`, with the tenant's papers read and the time fixed. Before: `verify.ts`. After: every check. */
import { OnlineEvidence } from './online.ts';
import type { PapersResult, Report, VerifyOptions } from './result.ts';
import { papersResult, readTenantPapers, type TenantPapers } from './tenant-papers.ts';

export interface Asked extends Pick<VerifyOptions, 'trust' | 'examinerKey' | 'document' | 'timeStampTrust'> {
  now: Date;
  /** Given by hand, DER: may lie between a signer and a root. */
  certificates: readonly Uint8Array[];
  papers: TenantPapers;
  /** Null: nothing is fetched. */
  online: OnlineEvidence | null;
  /** Time-stamp tokens, DER: each is taken out when it turns out to be over a record at hand, or over the file. */
  timeStamps: Set<Uint8Array>;
  /** When the whole file is proven to have existed, and with it every signature inside. */
  fileTime: Date | null;
  /** Of the roots above signatures of ours that hold: SHA-256. */
  sealers: Set<string>;
  /** Of the packet, as it says under a container's signature that holds; null where none says. */
  tenant: string | null;
  /** Revocation lists that lay in the file and were used, by SHA-256. */
  carried: Map<string, PapersResult['revocationLists'][number]>;
}

/** @throws PacketError `PAPER_REFUSED` */
export async function ask(options: VerifyOptions, report: Report): Promise<Asked> {
  const { examinerKey, document, timeStampTrust, certificates = [], now = new Date() } = options;
  // an empty list of roots is no list
  const trust = options.trust?.length === 0 ? undefined : options.trust;
  const papers = await readTenantPapers({ ...options, now }, report);
  return { trust, examinerKey, document, timeStampTrust, now, certificates, papers, online: options.online == null ? null : new OnlineEvidence(options.online, now), timeStamps: new Set(options.timeStamps), fileTime: null, sealers: new Set(), tenant: null, carried: new Map() };
}

export function papersOf({ papers, carried }: Asked): PapersResult {
  const given = papersResult(papers);
  return { ...given, revocationLists: [...given.revocationLists, ...carried.values()] };
}
