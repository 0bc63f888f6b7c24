/**
 * What a job says of itself: RFC 8011 section 5.3. Anybody who can reach the printer can read it, so the name of
 * a job goes only to the user who claims to have sent it (PWG 5100.11 job privacy, in its simplest form).
 */
import { attribute, dateTime, enumeration, integer, keyword, name, outOfBand, text, uri, type Attribute, type Value } from './ipp-codec/value.ts';
import { JOB_STATES, type Job } from './jobs.ts';
import { upTime } from './printer-attributes.ts';

const K_OCTETS = 1024;

export interface JobView {
  job: Job;
  /** `ipp://…/ipp/print/<id>` as the client reached it. */
  printerUri: string;
  startedAt: number;
  now: number;
  /** The client claims to be the user who sent the job. */
  own: boolean;
}

/** What every answer about one job begins with: RFC 8011 section 4.2.1.2. */
export function jobStatus({ job, printerUri }: Pick<JobView, 'job' | 'printerUri'>): Attribute[] {
  return [
    attribute('job-id', integer(job.id)),
    attribute('job-uri', uri(`${printerUri}/jobs/${job.id}`)),
    attribute('job-state', enumeration(JOB_STATES[job.state])),
    attribute('job-state-reasons', ...job.reasons.map(keyword)),
    ...(job.message === '' ? [] : [attribute('job-state-message', text(job.message))]),
  ];
}

/** The group `job-description`. There is no job template group: no wish of a job changes anything. */
export function jobDescription(view: JobView): Attribute[] {
  const { job, printerUri, startedAt, now, own } = view;
  return [
    ...jobStatus(view),
    attribute('job-printer-uri', uri(printerUri)),
    attribute('job-name', name(own ? job.name : 'Document')),
    attribute('job-originating-user-name', name(own ? job.user : 'somebody')),
    attribute('job-printer-up-time', integer(upTime(now, startedAt))),
    attribute('job-k-octets', integer(Math.ceil(job.octets / K_OCTETS))),
    attribute('number-of-documents', integer(job.document === 'awaited' ? 0 : 1)),
    ...moment('creation', job.createdAt, startedAt),
    ...moment('processing', job.processingAt, startedAt),
    ...moment('completed', job.completedAt, startedAt),
  ];
}

function moment(what: string, at: number | null, startedAt: number): Attribute[] {
  const noValue: Value = outOfBand('no-value');
  return [
    attribute(`time-at-${what}`, at === null ? noValue : integer(upTime(at, startedAt))),
    attribute(`date-time-at-${what}`, at === null ? noValue : dateTime(new Date(at))),
  ];
}
