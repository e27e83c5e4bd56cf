/** What follows on each event in each state; an event that is not named cannot happen there. */
export type StateTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** The state after an event; throws on one that cannot happen there. `what`: whose states these are, for people. */
export function followStates<State extends string, Event extends string>(
  what: string,
  table: StateTable<State, Event>,
  state: State,
  event: Event,
): State {
  const following = table[state][event];
  if (following === undefined) throw new RangeError(`${what} cannot meet ${event} while ${state}`);
  return following;
}
