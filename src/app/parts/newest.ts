/**
 * A question that is asked again whenever something changed. Answers may overtake each other on their way (a worker
 * answers each as soon as it can), so only the answer to the latest question is taken.
 */
export function newest<Asked extends unknown[], Answer>(
  ask: (...about: Asked) => Promise<Answer>,
  take: (answer: Answer) => void,
): (...about: Asked) => Promise<void> {
  let asked = 0;
  return async (...about) => {
    asked++;
    const mine = asked;
    const answer = await ask(...about);
    if (mine === asked) take(answer);
  };
}
