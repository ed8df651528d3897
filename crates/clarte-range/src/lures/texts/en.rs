//! The letters in English.

use super::Requests;

pub(super) const LETTERS: Requests = [
    // Interview
    [
        (
            "Request for an interview",
            "I would be grateful for half an hour of your time next week, by telephone or at your office. We are preparing a portrait of lawmakers who follow the situation of minorities abroad.|Any day after Tuesday suits me.",
        ),
        (
            "Interview on the resolution of 12 March",
            "Following the adoption of the resolution, our foreign desk wishes to speak with those who drafted it. Your contribution was mentioned by several of your colleagues.|The conversation would last about forty minutes and would be recorded for accuracy only. You would of course receive your quotations before publication. Please let me know which language you prefer, and whether an adviser will join us.",
        ),
        (
            "An invitation to speak with our paper",
            "May I ask whether you would agree to answer a few questions in person?",
        ),
        (
            "Can we talk this week?",
            "I am working on a piece about pressure on exiles and your name keeps coming up. Would you have twenty minutes on Thursday?",
        ),
        (
            "Coffee and a few questions",
            "I will be in town from Monday to Wednesday and would love to sit down with you. Nothing heavy: how you got into this work, and what you have seen change. Coffee is on me!",
        ),
        ("Quick chat?", "Got ten minutes today? It is about the leaked letter."),
        (
            "Conversation with our research team",
            "Our team is documenting how elected representatives respond to threats from abroad. We would like to hear your experience in a confidential conversation.|Participation is voluntary and the transcript would be yours to correct.",
        ),
        (
            "Would you talk to us?",
            "We are collecting first-hand stories for our yearly overview, and yours should be in it. Shall I call you tomorrow around four?",
        ),
    ],
    // Statement
    [
        (
            "Request for comment by 17:00",
            "We intend to report tonight on the decision to suspend the cooperation agreement. Could you provide a statement of no more than eighty words by five o'clock?",
        ),
        (
            "Your reaction to the embassy's note",
            "The embassy has published a note that criticises your latest intervention in unusually sharp terms. Before we print it we would like to give you the opportunity to respond.|A written reaction is sufficient.",
        ),
        (
            "Statement on the visit of the delegation",
            "A delegation is expected to arrive on Sunday, and its agenda has been confirmed to us by two sources. Several members of your group have declined to comment. We believe that our readers are entitled to know where you stand.|Should you wish to remain unnamed, please indicate this clearly in your answer, and we will attribute your words to a person familiar with the matter.",
        ),
        (
            "One line from you?",
            "Everybody seems to have an opinion on the vote except the people who sit in the room. One line is enough, two would be great.",
        ),
        (
            "Your take before the evening edition",
            "The story about the harbour contract runs tonight. What is your take on it?",
        ),
        (
            "Need a quote fast",
            "Sorry for the rush, my editor just moved the deadline. Can you send me something I can quote about the visa ban?",
        ),
        (
            "Joint statement: your signature",
            "A group of forty members from nine assemblies is about to publish a joint statement on arbitrary detention. We would be honoured to see your name below it.|The text is short and has been reviewed by two professors of law. Signatures are collected until Friday noon.",
        ),
        (
            "Will you back our appeal?",
            "Our appeal for the release of the seven teachers goes out on Monday. A sentence of support from you would carry real weight.",
        ),
    ],
    // Fact check
    [
        (
            "Verification before printing",
            "An article that mentions you is scheduled for Saturday's edition. As a matter of policy we submit factual passages to the persons concerned. Kindly confirm that your function and the dates are correct.",
        ),
        (
            "Facts concerning your voting record",
            "Our data desk has compiled how members voted on eleven motions since last autumn. In two cases the published minutes contradict each other.|I would ask you to tell us which version is right, as we do not wish to misrepresent you.",
        ),
        (
            "Please check three figures",
            "Three figures in our report come from a speech of yours. Are they still current?",
        ),
        (
            "Did we get this right?",
            "I wrote that you met the association twice last year. My colleague insists that it was three times. Who is right?",
        ),
        (
            "Checking a detail",
            "Tiny thing before we go to press: is it the committee or the working group that you chair? I would hate to get that wrong.",
        ),
        (
            "Your name in tomorrow's story",
            "You appear in the fourth paragraph of tomorrow's long read. I promised myself never again to print a photograph with the wrong caption, so have a look and shout if something is off. The layout closes at nine, the website a little later.",
        ),
        (
            "Accuracy of the annual report",
            "Chapter five of our annual report describes the hearing in which you took part. Before it is translated, we kindly ask you to examine the description of your remarks.|Corrections received this week can still be included.",
        ),
        (
            "Can you spot a mistake?",
            "We put together a timeline of the past two years and you know it better than we do. Could you see if a date is missing?",
        ),
    ],
    // Conference
    [
        (
            "Invitation: forum on open societies",
            "On behalf of the organising committee I have the honour of inviting you to our yearly forum. You would take part in the opening panel, together with a former minister and two scholars.|Travel and lodging are covered.",
        ),
        (
            "Panel on foreign interference",
            "We are holding a public debate on foreign interference in local elections, to be moderated by our editor in chief. Your expertise would be of particular value to the audience.|The programme will be final at the end of the month. Would you be so kind as to confirm your presence and to send us a short biography?",
        ),
        (
            "Round table, 9 May",
            "We would be pleased to welcome you at our round table on the ninth of May.",
        ),
        (
            "Join our panel in June",
            "We are putting together a panel and I immediately thought of you. Three speakers, no slides, lots of questions from students. Are you in?",
        ),
        (
            "Speaker dropped out, can you help?",
            "One of our speakers has just cancelled and I am slightly desperate. It is on Wednesday evening, fifteen minutes about shipping and sanctions.",
        ),
        (
            "Save the date: reporters' summer school",
            "Every summer we bring thirty young reporters together for a week of workshops. Last year's guest on parliamentary work was a hit, and this year it could be you. The draft timetable tells you more. Tell me what you would like to talk about and I will build the afternoon around it, with a walk along the river at the end.",
        ),
        (
            "Hearing on supply chains: invitation",
            "The secretariat invites you to an exchange of views on forced labour in supply chains. Members of four committees will attend.|We ask you to announce your participation in writing.",
        ),
        (
            "Workshop for defenders, would you come?",
            "Our workshop on staying safe online is nearly full, but I kept a seat for you. It would mean a lot to the group to hear from someone in office.",
        ),
    ],
    // Draft
    [
        (
            "Draft article for your attention",
            "Please find the draft of our inquiry into the surveillance of students abroad. I should be obliged if you would read the section on legislation.",
        ),
        (
            "Manuscript: request for remarks",
            "Our weekly magazine will carry an essay on parliamentary diplomacy, of which you are one of the main characters. The author has asked me to send you the manuscript.|Remarks on style are as welcome as those on substance. We would need them within two days, since the supplement is printed earlier than the newspaper itself.",
        ),
        ("Proof of the page", "The proof of the page is ready for your approval."),
        (
            "Have a look at my draft?",
            "My piece on the language schools is nearly done. I would feel much better if you had a look first.",
        ),
        (
            "First version, be honest",
            "Here is a first version, warts and all. Be honest with me: is the tone too harsh? The part about the consulate is the one I worry about.",
        ),
        ("The text we talked about", "As promised, the text. Do not share it yet please."),
        (
            "Draft recommendations, restricted",
            "The rapporteur has completed the draft recommendations on the protection of exiles. They are circulated to a limited number of experts before the formal reading.|We thank you for treating the document with discretion.",
        ),
        (
            "Our briefing paper, your eyes only",
            "The briefing paper on cross-border threats is almost there. Could you read pages two to six and tell us what is missing?",
        ),
    ],
    // Survey
    [
        (
            "Expert survey on technology exports",
            "You have been selected for a survey among fifty specialists in the control of technology exports. Completing it requires approximately six minutes.",
        ),
        (
            "Consultation of specialists",
            "Once a year our editors consult people with profound knowledge of the region about its likely future. The results are published as a special supplement and are often cited in parliamentary debates.|Your answers will be reported anonymously unless you decide otherwise. May we count on you again?",
        ),
        (
            "Five questions for specialists",
            "Would you consent to answer five written questions on customs policy?",
        ),
        (
            "Your prediction for next year",
            "We ask the same thing every December: what will surprise us next year? Be bold, nobody will hold it against you.",
        ),
        (
            "Six minutes, promise",
            "I am polling people who actually know the subject, so no random crowd. It takes six minutes.",
        ),
        (
            "What do you think of the new strategy?",
            "The government's new strategy came out on Friday and opinions differ wildly. I am asking a dozen people the same four questions, then I compare. No wrong answers, and you may skip any of them! The table of replies goes into the weekend edition, next to the interview with the former ambassador.",
        ),
        (
            "Questionnaire on parliamentary friendship groups",
            "The research service is comparing the working methods of friendship groups in twelve assemblies. We should appreciate your reply to the enclosed questions by the fifteenth.",
        ),
        (
            "Help us map the threats",
            "We are mapping how often activists are followed or filmed at events. Did it ever happen to you?",
        ),
    ],
    // Podcast
    [
        (
            "Invitation to our weekly podcast",
            "Our weekly podcast on world affairs reaches some forty thousand listeners. We would be delighted to record an episode with you in our studio, or remotely if that is more convenient.",
        ),
        (
            "Recording session on exile communities",
            "The second season of our audio series is devoted to communities in exile. Your long engagement with them makes you an obvious guest.|A producer would call you beforehand to go through the outline. The recording itself takes one hour, including a sound check.",
        ),
        (
            "Audio series: your participation",
            "May we put your name forward to the producers of our audio series?",
        ),
        (
            "Be our guest on the show",
            "You would be a fantastic guest for our show. We keep it light, thirty minutes, and we cut out the coughing.",
        ),
        (
            "Mic on Friday?",
            "Free on Friday at eleven? We record from home these days, all you need is a headset.",
        ),
        (
            "An episode about your work",
            "A listener wrote to us and suggested an episode about what you do. I read up on it over the weekend and I am hooked! Would you tell that story in your own words, from the first petition to the hearing, with all the detours and the doors that stayed shut? The outline is just a suggestion, change whatever you like.",
        ),
        (
            "Audio archive of testimonies",
            "We are building an audio archive of testimonies by those who supported prisoners of conscience. It would be a privilege to include your voice.",
        ),
        (
            "Record a short message with us?",
            "For our anniversary we collect voice messages of one minute each. Yours could open the programme.",
        ),
    ],
    // Reminder
    [
        (
            "Reminder: our request of last week",
            "I take the liberty of returning to my message of last week, to which I have not yet received an answer. The editorial conference takes place tomorrow morning.",
        ),
        (
            "Second request regarding the article",
            "My first letter may have escaped your attention among many others. We still hope to include your point of view, since the article would otherwise be one-sided.|Our final deadline is tonight at eight. After that hour the page can no longer be changed.",
        ),
        (
            "Your answer is still outstanding",
            "We have so far heard from all the other participants.",
        ),
        (
            "Did you see my mail?",
            "Just making sure my mail did not end up in the wrong folder. Still keen to hear from you!",
        ),
        ("Nudge", "Me again. Any chance of a yes or no today?"),
        (
            "Last call before we publish",
            "I do not want to be a nuisance, and you surely have more urgent things on your desk. But we publish tomorrow and there is an empty space where your voice should be. Even three words by text message would do, or tell me whom else in your team I may ring, and I will leave you in peace for the rest of the month.",
        ),
        (
            "Pending confirmation",
            "The secretariat has not received your confirmation for the meeting of the contact group. We would be obliged to have it before the list of participants is closed.",
        ),
        (
            "Still hoping to hear from you",
            "Our little project closes soon and your part is the only one missing. Can I do anything to make it easier?",
        ),
    ],
];
