//! Parts a module in two: what the first picture of a page runs, which is fetched before it, and the rest, which is
//! fetched when that picture is there. Which functions those are is seen, and not guessed: the module is made to
//! tell which of them are entered, and what a page does up to its first picture is done with it in Node.
//!
//! In the first part a door stands where a function of the rest would be: it has the page bring the rest where that
//! is not there yet, and calls it through the table. So the parts are right wherever they are parted, and what was
//! not foreseen costs time and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use walrus::ir::{self, Visitor};
use walrus::{
    ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind, ImportKind,
    ImportedFunction, Module, RefType, TableId, ValType,
};

use crate::element::copy_folder;
use crate::setup::root;

/// What the module calls to have its rest brought.
const BRING: &str = "synodRest";
/// Under which names the first part gives its memory, and the number of what is missing. Functions, tables and
/// globals are given by their places.
const MEMORY: &str = "m";
const MISSING: &str = "rest";
/// The module that the rest takes everything from.
const FIRST: &str = "1";

/// Where a function stands among those of its module; the same each time that the module is read.
type Place = usize;

/// Makes of a module its first part, in place, and the rest.
pub fn part(module: &Path, glue: &Path, lessons: &[PathBuf], rest: &Path) -> Result<()> {
    let entered = entered(module, glue, lessons)?;
    let whole = fs::read(module)?;
    let outline = Outline::of(&Module::from_buffer(&whole)?, &entered)?;
    first(Module::from_buffer(&whole)?, &outline)?.emit_wasm_file(module)?;
    second(Module::from_buffer(&whole)?, &outline)?.emit_wasm_file(rest)
}

fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
}

/// The functions that are entered up to a page's first picture.
fn entered(path: &Path, glue: &Path, lessons: &[PathBuf]) -> Result<BTreeSet<Place>> {
    let mut module = Module::from_file(path)?;
    for (place, id) in functions(&module).into_iter().enumerate() {
        let zero = ConstExpr::Value(ir::Value::I32(0));
        if let FunctionKind::Local(_) = module.funcs.get(id).kind {
            let global = module.globals.add_local(ValType::I32, true, false, zero);
            module.exports.add(&format!("entered {place}"), global);
            let mut body = module.funcs.get_mut(id).kind.unwrap_local_mut().builder_mut().func_body();
            body.const_at(0, ir::Value::I32(1)).global_set_at(1, global);
        }
    }
    let telling = path.with_extension("telling.wasm");
    module.emit_wasm_file(&telling)?;
    // The page's own code, with the bindings of this module.
    let scripts = path.with_file_name("www");
    copy_folder(&root().join("www"), &scripts)?;
    fs::create_dir_all(scripts.join("pkg"))?;
    fs::copy(glue, scripts.join("pkg/synod.js"))?;
    fs::write(scripts.join("package.json"), r#"{"type":"module"}"#)?;
    let script = root().join("crates/xtask/scripts/first-picture.mjs");
    let out = Command::new("node").arg(script).arg(&telling).arg(&scripts).args(lessons).output()?;
    anyhow::ensure!(out.status.success(), "no first picture: {}", String::from_utf8_lossy(&out.stderr));
    fs::remove_file(telling)?;
    fs::remove_dir_all(scripts)?;
    let text = String::from_utf8(out.stdout)?;
    text.split_whitespace().map(|word| word.parse().with_context(|| format!("{word} is no place"))).collect()
}

/// How the two parts hang together.
struct Outline {
    /// Functions of the rest that the first part calls or gives away, and where each is in the table.
    doors: BTreeMap<Place, u64>,
    /// What the rest calls of the first part.
    called: BTreeSet<Place>,
    /// Where the table has functions of the rest from the start.
    in_table: Vec<(u64, Place)>,
    /// How long the table is with all doors.
    table: u64,
}

impl Outline {
    fn of(module: &Module, entered: &BTreeSet<Place>) -> Result<Self> {
        let all = functions(module);
        let places: BTreeMap<FunctionId, Place> = all.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let is_import = |place: &Place| matches!(module.funcs.get(all[*place]).kind, FunctionKind::Import(_));
        let is_first = |place: &Place| entered.contains(place) || is_import(place);
        let mut doors: BTreeSet<Place> = BTreeSet::new();
        let mut called = BTreeSet::new();
        for (place, id) in all.iter().enumerate() {
            let calls = calls(module, *id).into_iter().map(|id| places[&id]);
            if is_first(&place) {
                doors.extend(calls.filter(|to| !is_first(to)));
            } else {
                called.extend(calls.filter(is_first));
            }
        }
        let functions = module.exports.iter().filter_map(|export| match export.item {
            walrus::ExportItem::Function(id) => Some(places[&id]),
            _ => None,
        });
        doors.extend(functions.filter(|place| !is_first(place)));
        let mut in_table = Vec::new();
        let table = table(module)?;
        for element in module.elements.iter() {
            if let (ElementKind::Active { table: of, offset }, ElementItems::Functions(ids)) =
                (&element.kind, &element.items)
            {
                anyhow::ensure!(*of == table, "functions stand in one table");
                let ConstExpr::Value(ir::Value::I32(from)) = offset else { anyhow::bail!("an offset is a number") };
                let at = ids.iter().enumerate().map(|(n, id)| (*from as u64 + n as u64, places[id]));
                in_table.extend(at.filter(|(_, place)| !is_first(place)));
            }
        }
        doors.extend(in_table.iter().map(|(_, place)| *place));
        let length = module.tables.get(table).initial;
        let doors: BTreeMap<_, _> = doors.into_iter().zip(length..).collect();
        let table = length + doors.len() as u64;
        Ok(Self { doors, called, in_table, table })
    }
}

/// The table of functions.
fn table(module: &Module) -> Result<TableId> {
    let of_functions = |table: &&walrus::Table| table.element_ty == RefType::FUNCREF;
    Ok(module.tables.iter().find(of_functions).context("a module has a table of functions")?.id())
}

/// That of functions, and that of what JavaScript holds.
fn tables(module: &Module) -> Vec<TableId> {
    module.tables.iter().map(|table| table.id()).collect()
}

fn calls(module: &Module, id: FunctionId) -> BTreeSet<FunctionId> {
    #[derive(Default)]
    struct Calls(BTreeSet<FunctionId>);
    impl Visitor<'_> for Calls {
        fn visit_function_id(&mut self, id: &FunctionId) {
            self.0.insert(*id);
        }
    }
    let mut calls = Calls::default();
    if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
        ir::dfs_in_order(&mut calls, function, function.entry_block());
    }
    calls.0
}

/// The first part: doors in place of what comes later.
fn first(mut module: Module, outline: &Outline) -> Result<Module> {
    let all = functions(&module);
    let table = table(&module)?;
    let of_module = module.tables.get_mut(table);
    (of_module.initial, of_module.maximum) = (outline.table, of_module.maximum.map(|_| outline.table));
    let bring = bring(&mut module)?;
    for (place, slot) in &outline.doors {
        let id = all[*place];
        let of = module.funcs.get(id).ty();
        let (params, results) = (module.types.get(of).params().to_vec(), module.types.get(of).results().to_vec());
        let args: Vec<_> = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut door = FunctionBuilder::new(&mut module.types, &params, &results);
        let mut body = door.func_body();
        body.call(bring);
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const(i32::try_from(*slot)?).call_indirect(of, table);
        module.funcs.get_mut(id).kind = FunctionKind::Local(door.local_func(args));
    }
    for place in &outline.called {
        module.exports.add(&place.to_string(), all[*place]);
    }
    for (n, global) in globals(&module).into_iter().enumerate() {
        module.exports.add(&format!("g{n}"), global);
    }
    for (n, table) in tables(&module).into_iter().enumerate() {
        module.exports.add(&format!("t{n}"), table);
    }
    let memory = module.memories.iter().next().context("a module has a memory")?.id();
    module.exports.add(MEMORY, memory);
    walrus::passes::gc::run(&mut module);
    Ok(module)
}

/// Those of the module as it was compiled.
fn globals(module: &Module) -> Vec<GlobalId> {
    module.globals.iter().filter(|global| global.name.as_deref() != Some(MISSING)).map(|global| global.id()).collect()
}

/// The function that every door begins with: it asks the page for the rest by its number, which is 0 once it is there.
fn bring(module: &mut Module) -> Result<FunctionId> {
    let is_it = |import: &&walrus::Import| import.name.contains(BRING);
    let import = module.imports.iter().find(is_it).context("the module cannot ask for its rest")?;
    let ImportKind::Function(ask) = import.kind else { anyhow::bail!("{BRING} is a function") };
    let missing = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(ir::Value::I32(-1)));
    module.globals.get_mut(missing).name = Some(MISSING.into());
    module.exports.add(MISSING, missing);
    let mut bring = FunctionBuilder::new(&mut module.types, &[], &[]);
    bring.func_body().global_get(missing).if_else(
        None,
        |then| {
            then.global_get(missing).call(ask);
        },
        |_| {},
    );
    Ok(bring.finish(Vec::new(), &mut module.funcs))
}

/// The rest: all that it shares is taken from the first part, and it enters its functions into the table.
fn second(mut module: Module, outline: &Outline) -> Result<Module> {
    let all = functions(&module);
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    let data: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| module.data.delete(id));
    module.start = None;
    for (n, id) in globals(&module).into_iter().enumerate() {
        let import = module.imports.add(FIRST, &format!("g{n}"), id);
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    let memory = module.memories.iter().next().context("a module has a memory")?.id();
    let import = module.imports.add(FIRST, MEMORY, memory);
    let memory = module.memories.get_mut(memory);
    memory.import = Some(import);
    memory.data_segments.clear();
    for (n, id) in tables(&module).into_iter().enumerate() {
        let import = module.imports.add(FIRST, &format!("t{n}"), id);
        let table = module.tables.get_mut(id);
        table.import = Some(import);
        table.elem_segments.clear();
    }
    let table = table(&module)?;
    let of_module = module.tables.get_mut(table);
    (of_module.initial, of_module.maximum) = (outline.table, of_module.maximum.map(|_| outline.table));
    for place in &outline.called {
        let id = all[*place];
        let of = module.funcs.get(id).ty();
        if let FunctionKind::Import(known) = &module.funcs.get(id).kind {
            let import = known.import;
            let import = module.imports.get_mut(import);
            (import.module, import.name) = (FIRST.into(), place.to_string());
            continue;
        }
        let import = module.imports.add(FIRST, &place.to_string(), id);
        module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty: of });
    }
    let slots = outline.doors.iter().map(|(place, slot)| (*slot, *place));
    let mut slots: Vec<(u64, Place)> = slots.chain(outline.in_table.iter().copied()).collect();
    slots.sort_unstable();
    for run in slots.chunk_by(|before, after| before.0 + 1 == after.0) {
        let offset = ConstExpr::Value(ir::Value::I32(i32::try_from(run[0].0)?));
        let ids = run.iter().map(|(_, place)| all[*place]).collect();
        let id = module.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(ids));
        module.tables.get_mut(table).elem_segments.insert(id);
    }
    walrus::passes::gc::run(&mut module);
    anyhow::ensure!(
        module.imports.iter().all(|import| import.module == FIRST),
        "the rest takes everything from the first part"
    );
    Ok(module)
}
