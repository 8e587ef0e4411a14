"""Where do the figures come from? One publisher or one file format a module."""

from __future__ import annotations

from dataclasses import dataclass

OGL = "Open Government Licence v3.0"
ODBL = "Open Database Licence 1.0"


@dataclass(frozen=True, slots=True)
class Source:
    """One table that a publisher issues: its reader, its licence, and where it is found.

    `files` are the publisher's own file names, as patterns; `address` a direct address, empty when none is known for
    certain; `{vintage}` in it stands for the issue asked for.  `page` is where a person finds the file.  `form`
    says how to read the address: a file, a CKAN listing, or an ArcGIS feature service.
    """

    name: str
    title: str
    publisher: str
    module: str
    files: tuple[str, ...]
    licence: str = OGL
    address: str = ""
    page: str = ""
    form: str = "file"
    vintage: str = ""


_DATASTORE = "https://data.london.gov.uk/dataset/"
_ARCGIS = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/"
_MPS = "Metropolitan Police Service"
_ONS = "Office for National Statistics"
_LFB = "London Fire Brigade"
_GIS = f"{_DATASTORE}statistical-gis-boundary-files-for-london-20od9/"
_GIS_OWNER = "Office for National Statistics and Ordnance Survey, London Datastore"

SOURCES: tuple[Source, ...] = (
    Source("street-crime", "Street-level crime, month by month", "Home Office, data.police.uk", "police_uk",
           ("latest.zip", "????-??.zip"), address="https://data.police.uk/data/archive/{vintage}.zip",
           page="https://data.police.uk/data/archive/", vintage="latest"),
    Source("met-crime", "Recorded crime by borough", _MPS, "met_crime",
           ("MPS Borough Level Crime (*).csv",), form="ckan",
           address="https://data.london.gov.uk/api/action/package_show?id=exy3m",
           page=f"{_DATASTORE}recorded_crime_summary"),
    Source("met-crime-wards", "Recorded crime by ward", _MPS, "met_crime", ("MPS Ward Level Crime (*).csv",),
           form="ckan", address="https://data.london.gov.uk/api/action/package_show?id=exy3m",
           page=f"{_DATASTORE}recorded_crime_summary"),
    Source("met-crime-lsoas", "Recorded crime by small area", _MPS, "met_crime", ("MPS LSOA Level Crime (*).csv",),
           form="ckan", address="https://data.london.gov.uk/api/action/package_show?id=exy3m",
           page=f"{_DATASTORE}recorded_crime_summary"),
    Source("attitudes", "Public Attitude Survey by borough", "Mayor's Office for Policing and Crime", "mopac",
           ("PAS_Dashboard_Borough.csv", "PAS_T*dashboard*.xlsx"), page=f"{_DATASTORE}mopac-surveys",
           address=f"{_DATASTORE}mopac-surveys/download/mopac-surveys/c3db2a0c-70f5-4b73-916b-2b0fcd9decc0/"
                   "PAS_T%26Cdashboard_to%20Q3%2023-24.xlsx"),
    Source("met-strength", "Officers, staff and community support officers by month", _MPS, "met_workforce",
           ("Police Force Strength.csv",), page=f"{_DATASTORE}police-force-strength",
           address=f"{_DATASTORE}police-force-strength/download/police-force-strength/"
                   "e442f07c-bc39-4c61-a62b-0e5957ea474f/Police%20Force%20Strength.csv"),
    Source("police-workforce", "Police workforce by force", "Home Office", "home_office",
           ("police-workforce-ta*.ods", "police-workforce-sep*-tables.ods"),
           address="https://assets.publishing.service.gov.uk/government/uploads/system/uploads/attachment_data/file/"
                   "675788/police-workforce-tables-jan17.ods",
           page="https://www.gov.uk/government/statistical-data-sets/police-workforce-open-data-tables"),
    Source("police-grant", "Police grant by force and year", "Home Office", "police_money", ("*police-grant*.ods",),
           page="gov.uk: Police Grant Report (England and Wales) and its tables for each force"),
    Source("precepts", "Police precept and Band D by force and year", "Ministry of Housing, Communities and Local "
           "Government", "police_money", ("*precept*.ods", "*Band_D*.ods"),
           page="gov.uk: Council Tax levels set by local authorities, the live tables"),
    Source("tax-bases", "Council tax base by council and year", "Ministry of Housing, Communities and Local "
           "Government", "police_money", ("*taxbase*.ods", "*tax_base*.ods", "*taxbase*.xlsx"),
           page="gov.uk: Council Taxbase statistics, local authority level data"),
    Source("population", "Mid-year population by council", _ONS, "ons_population",
           ("housing_in_london_yearly_variables.csv", "nomis_population*.csv"),
           page="Nomis: population estimates, local authorities, as CSV"),
    Source("projections", "Population and density, estimates and projections", "Greater London Authority",
           "ons_population", ("housing-density-borough.csv",),
           page="London Datastore: land area and population density, ward and borough"),
    Source("force-areas", "Which council belongs to which force", _ONS, "ons_lookups",
           ("Local_Authority_District_to_Community_Safety_Partnerships_to_Police_Force_Areas*.csv",),
           page="geoportal.statistics.gov.uk"),
    Source("centroids", "Population-weighted centres of small areas", _ONS, "ons_lookups",
           ("*Population_Weighted_Centroids*.csv",), page="geoportal.statistics.gov.uk"),
    Source("borough-shapes", "Boundaries of the London boroughs", _GIS_OWNER, "ons_shapes",
           ("London_Borough_Excluding_MHW.*",), page=_GIS),
    Source("ward-shapes", "Boundaries of London wards before May 2014", _GIS_OWNER, "ons_shapes",
           ("London_Ward_CityMerged.*",), page=_GIS),
    Source("small-area-shapes", "Boundaries of small areas of 2011 in London", _GIS_OWNER, "ons_shapes",
           ("LSOA_2011_London_gen_MHW.*",), page=_GIS),
    Source("council-shapes", "Boundaries of councils, December 2018", _ONS, "ons_shapes",
           ("LAD_December_2018_*.geojson",), form="arcgis",
           address=f"{_ARCGIS}LAD_December_2018_Boundaries_UK_BGC_2022/FeatureServer/0/query",
           page="geoportal.statistics.gov.uk"),
    Source("force-shapes", "Boundaries of police force areas", _ONS, "ons_shapes",
           ("Police_Force_Areas*.geojson", "Police_Force_Areas*.gpkg"),
           page="geoportal.statistics.gov.uk (item 95df57f20578482586e79f87478b01e9)"),
    Source("fire-incidents", "Fire brigade incidents and first attendance", _LFB, "fire_brigade",
           ("LFB Incident data*.csv",), page=f"{_DATASTORE}london-fire-brigade-incident-records"),
    Source("fire-mobilisations", "Fire brigade mobilisations: turn-out and travel", _LFB, "fire_brigade",
           ("LFB Mobilisation data*.csv",), page=f"{_DATASTORE}london-fire-brigade-mobilisation-records"),
    Source("deflators", "GDP deflators by financial year", "HM Treasury", "treasury",
           ("GDP_Deflators*.xlsx", "GDP_Deflators*.csv", "GDP_Deflators*.ods"),
           page="https://www.gov.uk/government/collections/gdp-deflators-at-market-prices-and-money-gdp"),
    Source("roads", "Roads for travel times", "OpenStreetMap contributors", "roads", ("*.osm.pbf",), licence=ODBL,
           page="an OpenStreetMap extract of the area as .osm.pbf"),
)
