/** The whole page. */

export function App() {
  return (
    <main>
      <h1>DuoMem</h1>
      <p>A household agent that remembers, in your browser. Nothing to play with here yet.</p>
    </main>
  );
}
