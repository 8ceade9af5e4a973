// Signing in: the token is shown once, and the browser keeps a cookie that no script can read.

const form = document.querySelector("#login"), said = document.querySelector("#said"), token = document.querySelector("#token");

if (sessionStorage.getItem("signed-in")) said.textContent = "You were signed out: the channel was restarted, or your token has ended. The show does not need you to go on; sign in again to direct it.";
sessionStorage.removeItem("signed-in");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "";
  try {
    const body = JSON.stringify({ token: token.value.trim() });
    const answer = await fetch("/api/session", { method: "POST", headers: { "Content-Type": "application/json", "X-Requested-With": "console" }, body });
    if (answer.ok) return location.reload();
    said.textContent = (await answer.json()).detail || `The channel answered ${answer.status}.`;
  } catch {
    said.textContent = "The channel does not answer. Is it running?";
  }
  button.disabled = false;
  token.select();
});
