//! `people.csv`: who works here, without the few whom the list forgot.

use crate::texts::LANGUAGES;
use crate::world::{Person, World, machine_name};

/// The whole list.
pub(crate) fn csv(world: &World) -> String {
    let mut text = "email,name,roles,accounts,host,lang\n".to_owned();
    for person in world.people.iter().filter(|person| person.listed) {
        text.push_str(&row(world, person));
    }
    text
}

fn row(world: &World, person: &Person) -> String {
    let host = if world.has_static_address(person.machine) {
        world.address(person.machine, 0)
    } else {
        machine_name(person.machine)
    };
    format!(
        "{},{},{},{};{},{host},{}\n",
        person.email,
        person.name,
        person.role,
        person.account,
        person.email,
        LANGUAGES[person.lang]
    )
}
