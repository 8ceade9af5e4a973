"""What the benchmarks of the ears say: questions to the tea shop, and speech that is none."""

from __future__ import annotations

LIKELY = (  # in the ways that most people ask
    "How much is the Sencha green tea?", "What does the teapot cost?", "Is the kettle still in stock?",
    "Can I put the teapot in the dishwasher?", "How long should Assam brew?", "Does it have a lot of caffeine?",
    "How many cups are in the tin?", "Is the tea organic?", "How much is shipping?", "How long does delivery take?",
    "What is your return policy?", "Are you a real person?", "Can I pay by card?", "Do you take PayPal?",
    "What is the difference between the Assam and the Sencha?", "Which is better, the Assam or the rooibos?",
    "What color is the teapot?", "What is the teapot made of?", "What is coming up next?", "Is the matcha on sale?",
    "Do you ship to Germany?", "Tell me more about the stoneware teapot.", "How big is the teapot?",
    "Does the kettle have a warranty?", "How do I clean the pot?",
)  # fmt: skip
FREE = (  # in words of their own
    "I was wondering what you would charge me for the green tea from Japan.", "Could my mother have that without milk?",
    "If I order today, will the parcel be here by Friday?", "Which of your teas keeps me awake the longest?",
    "My old pot broke, would yours survive the dishwasher?", "So is there a cheaper tea than the Sencha?",
    "Do I need a separate strainer for loose leaves?", "Can you tell me whether the kettle switches off by itself?",
    "Would the rooibos be all right for my children in the evening?", "Is a person going to answer me if I write?",
)  # fmt: skip
LONG = (  # about five seconds
    "Hello, can you please tell me how much the Harrow stoneware teapot is, and how much is shipping?",
    "Excuse me, what is the difference between the Assam second flush and the Sencha green tea?",
    "Hi there, how long does shipping take, and can I return the kettle if I don't like it?",
    "I have a question about the teapot, is it dishwasher safe, and does it have a strainer?",
    "Can you tell me more about the Sencha green tea, how much is it, and where does it come from?",
    "Hello everyone, is the rooibos still in stock, and do you ship to Germany?",
    "What is the price of the stoneware teapot, and what sizes does the teapot come in?",
    "Can I put the teapot on the stove, and can I put it in the dishwasher?",
)  # fmt: skip
OFF_TOPIC = (
    "The committee will meet on Thursday to discuss the parliamentary elections.",
    "My grandfather used to play the trumpet in a military orchestra.",
    "Yesterday the forecast predicted thunderstorms over the mountains.",
    "Our football team lost the final because the goalkeeper was injured.",
    "Please remind me to renew my passport before the summer holidays.",
    "The president announced a new programme for renewable energy.",
    "I have been learning to drive a lorry since last November.",
    "She studied medieval literature at the university of Edinburgh.",
)  # fmt: skip
VOICES = ("slt", "rms", "awb")
RECORDED = (
    "audio_brooklyn_question.wav",
    "whatstheweatherlike.wav",
    "LJ001-0001.flac",
    "LJ001-0002.flac",
    "LJ001-0004.flac",
    "LJ001-0008.flac",
)
