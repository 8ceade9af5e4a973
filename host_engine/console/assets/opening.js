// Asks again until the console is open.

const failed = document.documentElement.dataset.state === "failed";
setTimeout(() => location.reload(), failed ? 10_000 : 600);
