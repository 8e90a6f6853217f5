// The guestbook's page.
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Guestbook</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #222; }
  form { display: flex; gap: .5rem; }
  input { flex: 1; font: inherit; padding: .4rem .6rem; border: 1px solid #888; border-radius: .3rem; }
  button { font: inherit; padding: .4rem 1rem; border: 0; border-radius: .3rem; background: #1558b0; color: #fff; }
  li { padding: .3rem 0; border-bottom: 1px solid #ddd; }
  #problem { color: #a00; min-height: 1.5em; }
</style>
<h1>Guestbook</h1>
<form><input name="message" placeholder="Messages" autocomplete="off" aria-label="Message"><button>Submit</button></form>
<p id="problem" role="status"></p>
<ul id="messages"></ul>
<script>
  const list = document.getElementById('messages');
  const problem = document.getElementById('problem');
  let messages = [];
  const call = async (query) => {
    const response = await fetch('index.php?' + new URLSearchParams(query));
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    return answer;
  };
  const show = () => {
    list.replaceChildren(...messages.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  };
  const read = async () => {
    const { data } = await call({ cmd: 'get', key: 'messages' });
    messages = data ? data.split(',') : [];
    show();
  };
  const guard = (action) => action().then(() => (problem.textContent = ''), (error) => (problem.textContent = error.message));
  document.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const field = event.target.elements.message;
    if (!field.value) return;
    messages.push(field.value.replaceAll(',', ' '));
    field.value = '';
    show();
    void guard(() => call({ cmd: 'set', key: 'messages', value: messages.join(',') }));
  });
  void guard(read);
</script>
`;
