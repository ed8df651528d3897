//! One message in a file of its own: EML, Maildir, MH.
//! Spec: RFC 5322; the parts in [`crate::mail`].

use clarte_model::{Fault, FaultKind};

use crate::mail::{self, Outside};
use crate::{About, Context, Format, Input, MESSAGE_CAP, Output};

pub(crate) struct Eml;

impl Format for Eml {
    fn about(&self) -> About {
        About {
            what: "single messages (EML, Maildir)",
            feeds: "the lures, who got them, the campaign's other mails",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        mail::begins_like_mail(head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        let offset = input.offset();
        let message = input.take(MESSAGE_CAP);
        let outside = Outside { offset, separator: None, zone: context.zones.get("eml") };
        mail::read(&message, &outside, out.sink());
        let offset = input.offset();
        let length = input.drain();
        if length > 0 {
            let detail = "a message over 64 MiB; its end is not read".to_owned();
            out.sink().fault(Fault {
                offset,
                length,
                lost: true,
                kind: FaultKind::TooLarge,
                detail,
            });
        }
        "eml"
    }

    fn version(&self) -> u32 {
        mail::VERSION
    }

    fn is_local(&self) -> bool {
        true
    }
}
