// Fair queuing of the requests of one priority level (upstream util/flowcontrol/fairqueuing/
// queueset). A request occupies seats while it runs. When no seats are free, requests wait in
// queues, and the queue whose next request would finish first in virtual time goes first. Virtual
// time advances as fast as each active queue is served, so a queue that was idle gains nothing and
// loses nothing. Pure: the caller passes the time.
import { ESTIMATED_SERVICE_SECONDS } from '../limits.js';

export interface Queuing {
  queues: number;
  handSize: number;
  queueLengthLimit: number;
}

export type Refusal = 'queue-full' | 'concurrency-limit';

/** A request that runs or waits. */
export interface Ticket {
  seats: number;
  /** Absent in a level without queues. */
  readonly queue: Queue | undefined;
  /** Seconds; of the start, or of the arrival while the request waits. */
  since: number;
  state: 'waiting' | 'running' | 'over';
  /** Called when a waiting request may run. */
  run: (() => void) | undefined;
}

export interface Queue {
  readonly index: number;
  readonly waiting: Ticket[];
  waitingSeats: number;
  executing: number;
  seatsInUse: number;
  /** Virtual time, in seat seconds, at which the next request of the queue would start. */
  nextStart: number;
}

export class QueueSet {
  limit = 0;
  seatsInUse = 0;
  executing = 0;
  waiting = 0;
  waitingSeats = 0;
  queues: Queue[] = [];
  private handSize = 0;
  private queueLengthLimit = 0;
  private virtual = 0;
  private lastTime = 0;
  private next = 0;
  /** Queues with requests that run or wait. */
  active = 0;

  /** Waiting requests stay in their queues, also in those that a smaller set no longer deals. */
  configure(queuing: Queuing | undefined): void {
    const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing ?? {};
    this.handSize = handSize;
    this.queueLengthLimit = queueLengthLimit;
    for (let index = this.queues.length; index < queues; index++)
      this.queues.push({
        index,
        waiting: [],
        waitingSeats: 0,
        executing: 0,
        seatsInUse: 0,
        nextStart: 0,
      });
  }

  get hasQueues(): boolean {
    return this.handSize > 0;
  }

  /** Seats that the level would use now if it had no limit. */
  get demand(): number {
    return this.seatsInUse + this.waitingSeats;
  }

  /**
   * Admits a request of a flow with the given hand of queues. With `mayStart` false, the request
   * waits even when seats are free.
   */
  enter(hand: readonly number[], seats: number, now: number, mayStart: boolean): Ticket | Refusal {
    const free = this.waiting === 0 && this.fits(seats);
    if (!this.hasQueues) {
      if (!free) return 'concurrency-limit';
      return this.start({ seats, queue: undefined, since: now, state: 'running', run: undefined });
    }
    this.advance(now);
    const queue = this.choose(hand);
    if (isIdle(queue)) {
      this.active++;
      queue.nextStart = Math.max(queue.nextStart, this.virtual);
    }
    const ticket: Ticket = { seats, queue, since: now, state: 'running', run: undefined };
    if (free && mayStart) return this.start(ticket);
    if (queue.waiting.length >= this.queueLengthLimit) return 'queue-full';
    ticket.state = 'waiting';
    queue.waiting.push(ticket);
    queue.waitingSeats += seats;
    this.waiting++;
    this.waitingSeats += seats;
    return ticket;
  }

  /** Takes the next request out of its queue; undefined when none waits or none fits. */
  dispatch(now: number): Ticket | undefined {
    if (this.waiting === 0) return undefined;
    this.advance(now);
    let best: Queue | undefined;
    let bestFinish = Infinity;
    const { length } = this.queues;
    for (let i = 0; i < length; i++) {
      const queue = this.queues[(this.next + i) % length]!;
      const head = queue.waiting[0];
      if (!head) continue;
      const finish = queue.nextStart + head.seats * ESTIMATED_SERVICE_SECONDS;
      if (finish < bestFinish) {
        best = queue;
        bestFinish = finish;
      }
    }
    const ticket = best?.waiting[0];
    // A request for many seats is not overtaken for ever by those that need few.
    if (!best || !ticket || !this.fits(ticket.seats)) return undefined;
    this.next = (best.index + 1) % length;
    this.withdraw(ticket);
    ticket.since = now;
    ticket.state = 'running';
    return this.start(ticket);
  }

  /** Ends a request, or takes a waiting one out of its queue. */
  leave(ticket: Ticket, now: number): void {
    const { queue, seats, state } = ticket;
    if (state === 'over') return;
    if (queue) this.advance(now);
    if (state === 'waiting') this.withdraw(ticket);
    else {
      if (queue) {
        queue.executing--;
        queue.seatsInUse -= seats;
        // The start of the next request had been estimated.
        queue.nextStart -= (ESTIMATED_SERVICE_SECONDS - (now - ticket.since)) * seats;
      }
      this.executing--;
      this.seatsInUse -= seats;
    }
    if (queue && isIdle(queue)) this.active--;
    ticket.state = 'over';
  }

  /** Changes the seats of a request that runs. */
  resize(ticket: Ticket, seats: number): void {
    const change = seats - ticket.seats;
    ticket.seats = seats;
    this.seatsInUse += change;
    if (ticket.queue) ticket.queue.seatsInUse += change;
  }

  /** A request that needs more seats than the level has runs alone. */
  private fits(seats: number): boolean {
    return this.seatsInUse + seats <= this.limit || (this.executing === 0 && seats > this.limit);
  }

  private start(ticket: Ticket): Ticket {
    const { queue, seats } = ticket;
    if (queue) {
      queue.executing++;
      queue.seatsInUse += seats;
      queue.nextStart += seats * ESTIMATED_SERVICE_SECONDS;
    }
    this.executing++;
    this.seatsInUse += seats;
    return ticket;
  }

  private withdraw(ticket: Ticket): void {
    const queue = ticket.queue!;
    const at = queue.waiting.indexOf(ticket);
    queue.waiting.splice(at, 1);
    queue.waitingSeats -= ticket.seats;
    this.waiting--;
    this.waitingSeats -= ticket.seats;
  }

  /** The queue of the hand with the least work. */
  private choose(hand: readonly number[]): Queue {
    let best = this.queues[hand[0]!]!;
    for (let i = 1; i < hand.length; i++) {
      const queue = this.queues[hand[i]!]!;
      if (queue.waitingSeats + queue.seatsInUse < best.waitingSeats + best.seatsInUse) best = queue;
    }
    return best;
  }

  private advance(now: number): void {
    const elapsed = now - this.lastTime;
    this.lastTime = now;
    if (elapsed <= 0 || this.demand === 0) return;
    if (this.active > 0)
      this.virtual += (elapsed * Math.min(this.demand, this.limit)) / this.active;
  }
}

const isIdle = ({ executing, waiting }: Queue): boolean => executing === 0 && waiting.length === 0;
