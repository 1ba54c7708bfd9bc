import type { DiskStep } from './disk-recording.ts';
import { FileContent } from './file-content.ts';

type Change = Extract<DiskStep, { kind: 'write' | 'truncate' }>;

/** One file under whatever name: what is on the disk for certain, and what was done to it since. */
interface Inode {
  readonly synced: FileContent;
  pending: Change[];
}

interface Naming {
  readonly file: string;
  /** Null when the name was removed. */
  readonly inode: Inode | null;
}

/** What a disk keeps of each change that was not synced: all, nothing, or some of its blocks. */
const blockSizes = [512, 4_096] as const;

/** A disk that a recording is played to, step by step, and that can be looked at as if the power went now. It keeps what
 *  was synced; of the rest, any part. Of one block it may keep any version that was written since, which is what
 *  writing back in another order comes to. Names come and go in order: file systems keep a journal of them. */
export class RecordedDisk {
  readonly #steps: readonly DiskStep[];
  readonly #capacity: number;
  #next = 0;
  #unfinished: DiskStep[] = [];
  readonly #names = new Map<string, Inode>();
  readonly #syncedNames = new Map<string, Inode>();
  #pendingNames: Naming[] = [];
  readonly acknowledged = new Set<string>();

  constructor(steps: readonly DiskStep[]) {
    this.#steps = steps;
    this.#capacity = Math.max(0, ...steps.map(endOf));
  }

  /** Plays what had begun before this line of the trace. Lines ascend from call to call. */
  playTo(line: number): void {
    for (let step = this.#steps[this.#next]; step !== undefined && step.began < line;) {
      this.#finish(step.began);
      this.#begin(step);
      step = this.#steps[++this.#next];
    }
    this.#finish(line);
  }

  /** The files that the disk has if the power goes now. */
  cutPower(random: () => number): ReadonlyMap<string, Buffer> {
    const names = new Map(this.#syncedNames);
    const kept = Math.floor(random() * (this.#pendingNames.length + 1));
    for (const naming of this.#pendingNames.slice(0, kept)) rename(names, naming);
    return new Map([...names].map(([file, inode]) => [file, remains(inode, random)]));
  }

  #begin(step: DiskStep): void {
    switch (step.kind) {
      case 'create':
        if (!this.#names.has(step.file)) this.#name({ file: step.file, inode: this.#newInode() });
        break;
      case 'unlink':
        this.#name({ file: step.file, inode: null });
        break;
      case 'acknowledge':
        // Whoever was told so may know it before the call has returned.
        for (const id of step.ids) this.acknowledged.add(id);
        break;
      case 'write':
      case 'truncate':
        this.#inode(step.file).pending.push(step);
        break;
      case 'sync':
      case 'syncDirectory':
        this.#unfinished.push(step);
    }
  }

  /** Syncs count from when they have returned. */
  #finish(line: number): void {
    const isDone = (step: DiskStep): boolean => step.ended < line;
    for (const step of this.#unfinished.filter(isDone)) this.#sync(step);
    this.#unfinished = this.#unfinished.filter((step) => !isDone(step));
  }

  #sync(step: DiskStep): void {
    if (step.kind === 'sync') {
      const inode = this.#inode(step.file);
      const isCovered = ({ ended }: Change): boolean => ended < step.began;
      for (const change of inode.pending.filter(isCovered)) apply(change, inode.synced);
      inode.pending = inode.pending.filter((change) => !isCovered(change));
      return;
    }
    for (const naming of this.#pendingNames) rename(this.#syncedNames, naming);
    this.#pendingNames = [];
  }

  #name(naming: Naming): void {
    rename(this.#names, naming);
    this.#pendingNames.push(naming);
  }

  #newInode(): Inode {
    return { synced: new FileContent(this.#capacity), pending: [] };
  }

  #inode(file: string): Inode {
    const inode = this.#names.get(file);
    if (inode === undefined) throw new Error(`${file} is written before it was created`);
    return inode;
  }
}

function rename(names: Map<string, Inode>, { file, inode }: Naming): void {
  if (inode === null) names.delete(file);
  else names.set(file, inode);
}

/** Where a step ends in its file. */
function endOf(step: DiskStep): number {
  if (step.kind === 'truncate') return step.size;
  return step.kind === 'write' ? step.offset + step.data.length : 0;
}

function remains({ synced, pending }: Inode, random: () => number): Buffer {
  const content = synced.copy();
  let longest = content.size;
  // How much a disk keeps differs from cut to cut: now nearly all, now nearly nothing.
  const chance = random();
  for (const change of pending) {
    longest = Math.max(longest, endOf(change));
    for (const part of partsKept(change, chance, random)) apply(part, content);
  }
  // A file may have grown without what it grew by.
  if (random() < 0.5) content.resize(Math.max(content.size, longest));
  return content.bytes;
}

function partsKept(change: Change, chance: number, random: () => number): readonly Change[] {
  if (change.kind === 'truncate' || random() < 0.5) return random() < chance ? [change] : [];
  const block = blockSizes[Math.floor(random() * blockSizes.length)] ?? blockSizes[0];
  const { data, offset } = change;
  const parts: Change[] = [];
  for (let from = 0; from < data.length;) {
    // Blocks of the disk, not of the write.
    const to = Math.min(data.length, from + block - ((offset + from) % block));
    if (random() < chance) parts.push({ ...change, offset: offset + from, data: data.subarray(from, to) });
    from = to;
  }
  return parts;
}

function apply(change: Change, content: FileContent): void {
  if (change.kind === 'truncate') content.resize(change.size);
  else content.write(change.data, change.offset);
}
