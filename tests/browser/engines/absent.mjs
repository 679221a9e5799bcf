/** An engine is not on this machine: its tests are skipped, with this message as the reason. */
export class Absent extends Error {}
