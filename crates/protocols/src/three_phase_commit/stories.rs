//! What chance alone seldom makes.

/// The coordinator falls between two of its sends, or behind all of them; participants fall when they have moved; two
/// sides each hear of one half only, and meet again; an attempt is cut in the middle of its moves.
pub const ALL: &[&str] = &[
    "request ?coordinator ?operation\nuntil pre-commit\ncrash ?coordinator\n+0..300ms\nrestart ?coordinator",
    "request ?coordinator tx x=1 y=2\nuntil vote-yes\ncrash ?participant after 0 sends\n+0..90ms\n\
     restart ?participant",
    "request ?participant veto ?participant\n+0..60ms\nrequest ?coordinator tx x=1\nuntil can-commit\n\
     duplicate can-commit ?coordinator -> ?participant",
    "whole\nrequest ?coordinator tx x=3\nuntil pre-commit\n+0..20ms\npartition ?sides\nuntil take-over\n+0..400ms\nheal",
    "whole\nrequest ?coordinator tx x=3\nuntil pre-commit\n+0..20ms\npartition ?sides\nuntil take-over\n+0..400ms\n\
     partition ?sides\n+0..900ms\npartition ?sides\n+0..900ms\nheal",
    "whole\nrequest ?coordinator tx x=3\nuntil prepare\ncrash ?coordinator\n+0..300ms\ncrash ?participant\nuntil take-over\n\
     crash ?participant2\n+0..500ms\nrestart ?participant\n+0..200ms\nrestart ?participant2",
    "whole\nrequest ?coordinator tx x=4\nuntil pre-commit\ncrash ?coordinator\nuntil move-others\n+0..30ms\n\
     partition ?sides\n+100..900ms\npartition ?sides\n+100..900ms\nheal",
];
