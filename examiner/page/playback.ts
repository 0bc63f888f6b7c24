/** The clock of the replay: plays, pauses, seeks and changes speed. Says nothing about what is drawn. */

export const SPEEDS = [0.25, 0.5, 1, 2] as const;

export class Playback {
  readonly duration: number;
  private readonly show: (time: number, playing: boolean) => void;
  private position: number;
  private rate = 1;
  private frame: number | null = null;

  /** @param show is called with every new position, in seconds. */
  constructor(duration: number, show: (time: number, playing: boolean) => void) {
    this.duration = duration;
    this.show = show;
    this.position = duration;
  }

  get playing(): boolean {
    return this.frame !== null;
  }

  get time(): number {
    return this.position;
  }

  set speed(rate: number) {
    this.rate = rate;
  }

  /** From where it stands; from the beginning if it stands at the end. */
  play(): void {
    if (this.playing) return;
    if (this.position >= this.duration) this.position = 0;
    let before = performance.now();
    const step = (now: number): void => {
      this.position = Math.min(this.duration, this.position + (Math.max(0, now - before) / 1000) * this.rate);
      before = now;
      this.frame = this.position < this.duration ? requestAnimationFrame(step) : null;
      this.show(this.position, this.playing);
    };
    this.frame = requestAnimationFrame(step);
    this.show(this.position, true);
  }

  pause(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.show(this.position, false);
  }

  seek(time: number): void {
    this.position = Math.min(this.duration, Math.max(0, time));
    this.show(this.position, this.playing);
  }
}
