/** The task type of a chore with a name of the household's own: `boots_time`, `sunday.lunch_time`. */
export function namedTaskType(name: string): string {
  return `${name.toLowerCase().replaceAll(' ', '.')}_time`;
}
