import type { Input, Simulation, Trace } from "./pkg/synod.js";

/** The element `<synod-stage>`. */
export class SynodStage extends HTMLElement {
  /** The run on the stage; null before `synod-ready`. */
  readonly simulation: Simulation | null;
  play(): void;
  pause(): void;
  /** Handles exactly one event. */
  step(): Trace | undefined;
  /** Stands at a time of the run, in ms. */
  seek(ms: number): void;
  /** Does an input; throws a SynodError where it is not valid now. */
  inject(input: string | Input): Trace;
}
declare global {
  interface HTMLElementTagNameMap {
    "synod-stage": SynodStage;
  }
}
