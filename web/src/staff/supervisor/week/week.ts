// Weeks and shifts as they are planned: days of the browser's zone, times as they are typed.
import type { ShiftShape } from "../../../api/schema";

/** The Monday, at midnight, of the week so many after this one. */
export function mondayOf(now: Date, weeks: number): Date {
  const back = (now.getDay() + 6) % 7;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - back + 7 * weeks);
}

/** The seven midnights of the week. */
export function daysOf(monday: Date): readonly Date[] {
  return [0, 1, 2, 3, 4, 5, 6].map((number) => dayAfter(monday, number));
}

/** The midnight so many days later; days need not have 24 hours. */
export function dayAfter(midnight: Date, days: number): Date {
  return new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate() + days);
}

/**
 * The shifts that begin on this day; on the `first` that is shown also one that still runs from the
 * night before, which has no other place.
 */
export function shownOn(
  midnight: Date,
  shifts: readonly ShiftShape[],
  first: boolean,
): readonly ShiftShape[] {
  const end = dayAfter(midnight, 1).getTime();
  return shifts.filter((one) => {
    const begins = Date.parse(one.starts_at);
    return (first || midnight.getTime() <= begins) && begins < end;
  });
}

export type Times = { begins: string; ends: string };

/** A shift as it is typed: its times of day, and those of its breaks. */
export type Plan = Times & { breaks: readonly Times[] };

/** The shift on this day. What is not later than its beginning is of the next day, except a break
 * that begins with it. */
export function shiftOn(midnight: Date, plan: Plan) {
  const starts = at(midnight, plan.begins);
  const later = (time: string) => {
    const same = at(midnight, time);
    return same > starts ? same : at(dayAfter(midnight, 1), time);
  };
  const span = ({ begins, ends }: Times) => ({
    starts_at: (begins === plan.begins ? starts : later(begins)).toISOString(),
    ends_at: later(ends).toISOString(),
  });
  return {
    starts_at: starts.toISOString(),
    ends_at: later(plan.ends).toISOString(),
    // Whoever adds a break in the morning has typed it behind the one at noon.
    breaks: plan.breaks
      .map(span)
      .sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at)),
  };
}

function at(midnight: Date, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const [year, month, day] = [midnight.getFullYear(), midnight.getMonth(), midnight.getDate()];
  return new Date(year, month, day, hours, minutes);
}
